/** Which server is the origin, and how connections to it are made. */
package org.nfsproxy.backend.nfs.connect;
