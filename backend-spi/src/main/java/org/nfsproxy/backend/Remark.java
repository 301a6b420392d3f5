package org.nfsproxy.backend;

/**
 * A line for the administrator.
 *
 * @param off true if something is not as it should be; the text then says how to cure it
 * @param text one sentence or two, without a line break
 */
public record Remark(boolean off, String text) {}
