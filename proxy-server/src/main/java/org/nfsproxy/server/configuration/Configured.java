package org.nfsproxy.server.configuration;

import org.nfsproxy.backend.Backend;

/**
 * A configuration without a mistake.
 *
 * @param proxy what the proxy server is told
 * @param backend the backend it names; it has opened nothing yet
 */
public record Configured(ProxyConfiguration proxy, Backend backend) {}
