namespace Delivery.Mta.Templates;

internal enum LoopField : byte
{
    Index,
    Key,
    First,
    Last,
}
