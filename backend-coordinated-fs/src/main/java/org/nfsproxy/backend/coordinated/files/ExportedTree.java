package org.nfsproxy.backend.coordinated.files;

/**
 * A tree that can be mounted.
 *
 * @param path absolute, without a slash at its end
 * @param root its uppermost directory
 */
public record ExportedTree(String path, ObjectHandle root) {}
