namespace Delivery.Mta.Templates;

internal sealed record ConditionalBranch(Expression Condition, bool Negated, TemplateNode[] Body);
