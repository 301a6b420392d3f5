/** An NFS server on the loopback interface, for the demo and for tests. */
package org.nfsproxy.backend.coordinated.embedded;
