package org.nfsproxy.server.judge.model;

import org.nfsproxy.nfs.table.Nfs4;

/**
 * An operation that was executed on a filesystem.
 *
 * @param operation its row
 * @param filesystem on what
 * @param writes whether it is one that changes files there, whatever came of it
 * @param uid as whom, after what the proxy did to the credential
 * @param gid as whom
 * @param isVainCheck whether it is a VERIFY right behind a step that was found to have led
 *     elsewhere
 */
record Executed(
    Nfs4 operation,
    ModelFilesystem filesystem,
    boolean writes,
    int uid,
    int gid,
    boolean isVainCheck) {}
