package org.nfsproxy.nfs.edit;

import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.table.Nfs4;

/**
 * A step of a COMPOUND along the namespace behind which the origin itself checks, while it
 * executes, into which filesystem the step has led.
 *
 * @param operation which operation of the client's COMPOUND it is, from 0
 * @param row its row
 * @param next the row of the client's operation behind it; null if there is none
 * @param fsidMajor the fsid that the current filehandle must have then, its first half
 * @param fsidMinor its second half
 */
public record VerifiedStep(
    int operation, Nfs4 row, @Nullable Nfs4 next, long fsidMajor, long fsidMinor) {}
