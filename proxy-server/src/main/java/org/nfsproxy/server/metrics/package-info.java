/**
 * What is counted: calls, errors, bytes and times by operation, export and client. Each event loop
 * counts for itself; whoever reads adds up.
 */
@NullMarked
package org.nfsproxy.server.metrics;

import org.jspecify.annotations.NullMarked;
