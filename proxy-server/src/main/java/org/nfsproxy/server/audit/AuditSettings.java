package org.nfsproxy.server.audit;

import java.nio.file.Path;
import java.util.Set;

/**
 * What is written to an audit log, and where.
 *
 * @param file where; absolute
 * @param what bits of {@link org.nfsproxy.server.call.Noting}
 * @param without operations that are left out, by their names in the RFC
 * @param fileBytesMax how long the file becomes before it makes room for another one
 * @param filesMax how many there are, 2 or more
 * @param queueMax calls that may wait to be written
 * @param queueBytesMax memory that they may take
 */
public record AuditSettings(
    Path file,
    int what,
    Set<String> without,
    long fileBytesMax,
    int filesMax,
    int queueMax,
    long queueBytesMax) {}
