/** Backend: filesystems that coordinate their filehandles, served by an engine of our own. */
package org.nfsproxy.backend.coordinated;
