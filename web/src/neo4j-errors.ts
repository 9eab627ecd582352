// Errors under the names that neo4j-driver gives them.

import { PocketGraphError } from "./index.js";

/** Our codes, and what Neo4j calls the like. */
const codes: { [code: string]: string } = {
  SyntaxError: "Neo.ClientError.Statement.SyntaxError",
  SemanticError: "Neo.ClientError.Statement.SemanticError",
  TypeError: "Neo.ClientError.Statement.TypeError",
  ArgumentError: "Neo.ClientError.Statement.ArgumentError",
  ArithmeticError: "Neo.ClientError.Statement.ArithmeticError",
  EntityNotFound: "Neo.ClientError.Statement.EntityNotFound",
  ParameterMissing: "Neo.ClientError.Statement.ParameterMissing",
  ProcedureError: "Neo.ClientError.Procedure.ProcedureNotFound",
  ConstraintVerificationFailed: "Neo.ClientError.Schema.ConstraintValidationFailed",
  ConstraintValidationFailed: "Neo.ClientError.Schema.ConstraintValidationFailed",
  CONSTRAINT: "Neo.ClientError.Schema.ConstraintValidationFailed",
  EXISTS: "Neo.ClientError.Schema.EquivalentSchemaRuleAlreadyExists",
  INVALID_ARGUMENT: "Neo.ClientError.Statement.ArgumentError",
  READ_ONLY: "Neo.ClientError.Statement.AccessMode",
  TX_EXPIRED: "Neo.ClientError.Transaction.TransactionTimedOut",
  TIMEOUT: "Neo.ClientError.Transaction.TransactionTimedOut",
  CANCELLED: "Neo.ClientError.Transaction.Terminated",
  LIMIT: "Neo.TransientError.General.MemoryPoolOutOfMemoryError",
  NOT_FOUND: "Neo.ClientError.Database.DatabaseNotFound",
  LOCKED: "ServiceUnavailable",
  OWNER_FROZEN: "ServiceUnavailable",
  NO_OWNER: "ServiceUnavailable",
  OWNER_CHANGED: "ServiceUnavailable",
  CLOSED: "ServiceUnavailable",
  ENGINE_DIED: "ServiceUnavailable",
};

/** An error as neo4j-driver throws it. `cause` is the PocketGraphError, with its code, hint and position. */
export class Neo4jError extends Error {
  /** Whether the same may work later: no error here is of that kind. */
  readonly retriable = false;
  /** @deprecated `retriable` */
  readonly retryable = false;

  constructor(
    message: string,
    readonly code: string,
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "Neo4jError";
  }
  static isRetriable(error: unknown): boolean {
    return error instanceof Neo4jError && error.retriable;
  }
}

/** Any error as a Neo4jError; those of the caller's own functions pass as they are. */
export function translated(error: unknown): unknown {
  if (!(error instanceof PocketGraphError)) return error;
  const { code, message, caret, hint } = error;
  const words = [message, caret, hint].filter(Boolean).join("\n");
  return new Neo4jError(words, codes[code] ?? "Neo.DatabaseError.General.UnknownError", error);
}
