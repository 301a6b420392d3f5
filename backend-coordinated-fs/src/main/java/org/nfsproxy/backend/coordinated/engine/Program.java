package org.nfsproxy.backend.coordinated.engine;

import java.util.List;

/**
 * One version of a program.
 *
 * @param number the program's number
 * @param version the version
 * @param procedures all of them; the index is the procedure's number
 */
public record Program(int number, int version, List<ExecutableProcedure> procedures) {}
