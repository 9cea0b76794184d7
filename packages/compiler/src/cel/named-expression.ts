/** A variable or a match condition: in every kind of policy that takes CEL, a name and an expression. */
export interface NamedExpression {
  readonly name: string;
  readonly expression: string;
}
