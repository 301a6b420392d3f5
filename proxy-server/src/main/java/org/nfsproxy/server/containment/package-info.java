/** Keeps clients from being led past the proxy, and tells them what it is. */
@NullMarked
package org.nfsproxy.server.containment;

import org.jspecify.annotations.NullMarked;
