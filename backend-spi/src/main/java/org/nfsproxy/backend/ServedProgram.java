package org.nfsproxy.backend;

/**
 * A program that a backend serves.
 *
 * @param program its number, for example 100003 for NFS
 * @param low the lowest version
 * @param high the highest version
 */
public record ServedProgram(int program, int low, int high) {}
