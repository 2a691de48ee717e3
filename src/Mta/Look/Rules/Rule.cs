namespace Delivery.Mta.Look.Rules;

/// <summary>Looks at one mail after the other. Owned by one look: it may remember what it saw.</summary>
internal abstract class Rule
{
    public abstract void Look(LookMail mail, Findings findings);
}
