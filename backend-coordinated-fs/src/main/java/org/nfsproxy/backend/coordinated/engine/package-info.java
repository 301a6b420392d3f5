/** From an RPC call to its reply: programs, versions, procedures, credentials. */
@NullMarked
package org.nfsproxy.backend.coordinated.engine;

import org.jspecify.annotations.NullMarked;
