namespace Delivery.EmbeddedClickHouse.Engine;

/// <summary>Values for the <c>{name:Type}</c> places of a statement. They are bound, never pasted into the text.</summary>
internal sealed record StatementParameters(IReadOnlyList<string> Names, IReadOnlyList<string> Values)
{
    public static StatementParameters None { get; } = new([], []);
}
