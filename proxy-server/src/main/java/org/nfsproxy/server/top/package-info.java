/**
 * {@code top}: what a running proxy does, in a terminal. Reads the proxy's events by HTTP, as the
 * live page does, and knows nothing else of it.
 */
@NullMarked
package org.nfsproxy.server.top;

import org.jspecify.annotations.NullMarked;
