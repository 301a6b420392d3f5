package org.nfsproxy.backend.coordinated.files;

/**
 * What FSSTAT tells, RFC 1813 section 3.3.18.
 *
 * @param bytes size of the filesystem
 * @param bytesFree free
 * @param bytesAvailable free for this caller
 * @param files objects it can hold
 * @param filesFree how many more
 * @param filesAvailable how many more for this caller
 * @param steadySeconds for how long this is not expected to change
 */
public record FilesystemSpace(
    long bytes,
    long bytesFree,
    long bytesAvailable,
    long files,
    long filesFree,
    long filesAvailable,
    int steadySeconds) {}
