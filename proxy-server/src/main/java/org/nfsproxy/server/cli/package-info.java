/** The command line: its commands and options, what is logged where, and what the shell is told. */
@NullMarked
package org.nfsproxy.server.cli;

import org.jspecify.annotations.NullMarked;
