// A worker in a browser without OPFS: both ways in are missing.
delete StorageManager.prototype.getDirectory;
delete FileSystemFileHandle.prototype.createSyncAccessHandle;
