/** The operations that are not left to nfs4j, and the values of attributes. */
package org.nfsproxy.backend.coordinated.nfs4j.operations;
