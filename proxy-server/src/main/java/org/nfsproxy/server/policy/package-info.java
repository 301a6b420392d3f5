/**
 * What is allowed: the parameters of exports and the rules that change them, who is on a list, what
 * an operation is told, and what becomes of a credential. Pure functions of the configuration and a
 * call; nothing here opens, asks or waits.
 */
@NullMarked
package org.nfsproxy.server.policy;

import org.jspecify.annotations.NullMarked;
