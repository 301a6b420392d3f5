/**
 * The configuration: where it is read from, each key with its bounds and default, and what is wrong
 * with a value, by key path. Read anew while the proxy runs; what a reload may change is said here.
 */
@NullMarked
package org.nfsproxy.server.configuration;

import org.jspecify.annotations.NullMarked;
