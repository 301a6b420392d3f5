package org.nfsproxy.backend;

import org.nfsproxy.nfs.Filehandle;

/**
 * An object that was found by name.
 *
 * @param handle its filehandle, in the version that was asked
 * @param identity what it is, in the same version
 */
public record Found(Filehandle handle, ObjectIdentity identity) {}
