/** From an RPC call to its reply: programs, versions, procedures, credentials. */
package org.nfsproxy.backend.coordinated.engine;
