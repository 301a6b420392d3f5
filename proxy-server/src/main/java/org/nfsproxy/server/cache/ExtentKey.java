package org.nfsproxy.server.cache;

/** Where in which file an extent begins. */
// Without the version: how often a place is read says how often it will be, also after a change.
public record ExtentKey(FileKey file, long offset) {}
