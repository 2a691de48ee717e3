namespace Delivery.Mta.Templates;

/// <summary>What <c>@index @key @first @last</c> say in one turn of a loop.</summary>
internal struct LoopFrame
{
    public int Index { get; set; }

    public bool Last { get; set; }

    /// <summary>The property's name; missing in a loop over an array, where the index is the key.</summary>
    public TemplateValue Key { get; set; }
}
