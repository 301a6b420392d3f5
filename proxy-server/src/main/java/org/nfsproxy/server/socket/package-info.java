/**
 * What all listening sockets have in common: why a port could not be had, and the cure; and those
 * that are older than the process, because a service manager opened them.
 */
@NullMarked
package org.nfsproxy.server.socket;

import org.jspecify.annotations.NullMarked;
