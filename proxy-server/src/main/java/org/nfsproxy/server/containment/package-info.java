/** Keeps clients from being led past the proxy, and tells them what it is. */
package org.nfsproxy.server.containment;
