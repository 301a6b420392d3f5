package org.nfsproxy.server.policy;

/**
 * The parameters of a filesystem, and what they were worked out from: if that is different now,
 * they are worked out again.
 *
 * @param rules the rules that were in force
 * @param changes what was known of the filesystem, as a number that grows with each change
 */
public record KnownParameters(Rules rules, int changes, Parameters parameters) {}
