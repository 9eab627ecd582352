// A worker in a browser without OPFS, as far as the package can tell.
delete StorageManager.prototype.getDirectory;
