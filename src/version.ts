/** The version of this package: part of the worker's URL and name, so that two versions never share a worker. */
export const VERSION = "0.1.0";
