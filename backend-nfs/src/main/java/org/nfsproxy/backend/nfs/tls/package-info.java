/**
 * RPC-with-TLS (RFC 9289) towards the origin: on a connection that is there, asks for it, begins
 * it, and looks whether the other end is who it should be. Knows nobody who connects.
 */
@NullMarked
package org.nfsproxy.backend.nfs.tls;

import org.jspecify.annotations.NullMarked;
