/** The one tree that NFSv4 shows: directories above the exports, which lead to them. */
package org.nfsproxy.backend.coordinated.namespace;
