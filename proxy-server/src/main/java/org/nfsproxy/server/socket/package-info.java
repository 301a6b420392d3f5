/** What all listening sockets have in common: why a port could not be had, and the cure. */
package org.nfsproxy.server.socket;
