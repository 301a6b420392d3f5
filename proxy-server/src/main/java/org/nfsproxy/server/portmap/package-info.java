/** The portmapper and rpcbind, answered by the proxy itself (RFC 1833). */
@NullMarked
package org.nfsproxy.server.portmap;

import org.jspecify.annotations.NullMarked;
