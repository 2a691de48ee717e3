namespace Delivery.Mta.Templates;

/// <summary>A block that the parser is inside of.</summary>
internal sealed class OpenBlock
{
    /// <summary>if, unless, each, with, a condition's name, or "" for a splice and for the template itself.</summary>
    public required string Name { get; init; }

    public required TemplateToken Token { get; init; }

    public Expression? Subject { get; set; }

    public bool Negated { get; set; }

    public List<TemplateNode> Nodes { get; set; } = [];

    public List<ConditionalBranch> Branches { get; } = [];

    /// <summary>What stood before {{else}}, in a block that is not conditional.</summary>
    public TemplateNode[]? Body { get; set; }

    public bool SawElse { get; set; }

    public bool IsConditional => Name is not ("each" or "with" or "");

    /// <summary>Ends the part being read and begins the next one.</summary>
    public void EndPart()
    {
        if (IsConditional)
            Branches.Add(new ConditionalBranch(Subject!, Negated, [.. Nodes]));
        else
            Body = [.. Nodes];
        Nodes = [];
    }

    public TemplateNode ToNode()
    {
        if (!SawElse)
            EndPart();
        TemplateNode[] rest = [.. Nodes];
        return Name switch
        {
            "" => Token.Splice!.Create(Body!),
            "each" when Negated => new EachNode(Subject!, rest, Body!) { Offset = Token.Start },
            "each" => new EachNode(Subject!, Body!, rest) { Offset = Token.Start },
            "with" when Negated => new WithNode(Subject!, rest, Body!) { Offset = Token.Start },
            "with" => new WithNode(Subject!, Body!, rest) { Offset = Token.Start },
            _ => new IfNode([.. Branches], rest) { Offset = Token.Start },
        };
    }
}
