/** What one client connection has at the origin. */
package org.nfsproxy.backend.nfs.session;
