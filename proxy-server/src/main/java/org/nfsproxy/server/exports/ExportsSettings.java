package org.nfsproxy.server.exports;

/**
 * The bounds of what is known about exports.
 *
 * @param exportsMax exports that are kept
 * @param handlesMax handles that are remembered
 * @param refreshMillis time between looks at what the origin lists
 */
public record ExportsSettings(int exportsMax, int handlesMax, int refreshMillis) {}
