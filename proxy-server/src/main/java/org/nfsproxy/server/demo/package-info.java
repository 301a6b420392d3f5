/**
 * The demo: an origin in memory, the proxy before it, and a visible proof that handles are equal.
 */
@NullMarked
package org.nfsproxy.server.demo;

import org.jspecify.annotations.NullMarked;
