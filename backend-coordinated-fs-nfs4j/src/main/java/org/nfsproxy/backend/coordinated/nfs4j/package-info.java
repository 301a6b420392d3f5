/** NFSv4.0 and 4.1 by nfs4j's engine, over the files and behind the RPC engine of our own. */
package org.nfsproxy.backend.coordinated.nfs4j;
