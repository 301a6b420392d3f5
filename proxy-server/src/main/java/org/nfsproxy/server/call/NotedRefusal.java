package org.nfsproxy.server.call;

/**
 * What of a call was refused, and why.
 *
 * @param key the kind of reason: the key of the configuration that an administrator would look at
 * @param rule the rule's name in the log
 */
public record NotedRefusal(NotedOperation operation, String key, String rule) {}
