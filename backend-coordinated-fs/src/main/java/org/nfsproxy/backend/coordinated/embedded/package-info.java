/** An NFS server on the loopback interface, for the demo and for tests. */
@NullMarked
package org.nfsproxy.backend.coordinated.embedded;

import org.jspecify.annotations.NullMarked;
