/**
 * What all listening sockets have in common: why a port could not be had, and the cure; those that
 * are older than the process, because a service manager opened them; and how connections end.
 */
@NullMarked
package org.nfsproxy.server.socket;

import org.jspecify.annotations.NullMarked;
