package org.nfsproxy.backend.coordinated.files;

/**
 * An object that was found or made.
 *
 * @param handle names it
 * @param attributes as they are
 */
public record FoundObject(ObjectHandle handle, Attributes attributes) {}
