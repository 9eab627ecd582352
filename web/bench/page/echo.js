onmessage = ({ data }) => postMessage(data); // a bare round trip
