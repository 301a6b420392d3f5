/**
 * The demo: an origin in memory, the proxy before it, and a visible proof that handles are equal.
 */
package org.nfsproxy.server.demo;
