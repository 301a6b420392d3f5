/** Locks of NFSv3 through the proxy: who owns which lock at the origin, kept over a restart. */
@NullMarked
package org.nfsproxy.server.locks;

import org.jspecify.annotations.NullMarked;
