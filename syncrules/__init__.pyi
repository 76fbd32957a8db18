"""The public names, for type checkers: __init__.py imports each when it is first asked for."""

from .checking.check import check as check
from .comparison.comparing import compare as compare
from .comparison.model import (
    Comparison as Comparison,
    Detail as Detail,
    DifferenceKind as DifferenceKind,
    DifferenceLevel as DifferenceLevel,
    Ignored as Ignored,
    NotCompared as NotCompared,
    ServerDifference as ServerDifference,
    Subject as Subject,
)
from .diagnostics import (
    Code as Code,
    Diagnostic as Diagnostic,
    Excerpt as Excerpt,
    Group as Group,
    Option as Option,
    Place as Place,
    Several as Several,
    Severity as Severity,
    Span as Span,
    Spot as Spot,
)
from .errors import (
    EditRefused as EditRefused,
    InputRefused as InputRefused,
    NotAManifest as NotAManifest,
    PlanRefused as PlanRefused,
    SyncRulesError as SyncRulesError,
)
from .exports.export import Export as Export, NotCarried as NotCarried, parse as parse
from .exports.placed_rule import PlacedRule as PlacedRule
from .exports.writer import emit as emit
from .expressions.reading import parse_expression as parse_expression
from .expressions.tree import (
    Expression as Expression,
    ExpressionNode as ExpressionNode,
    NodeKind as NodeKind,
)
from .files import read_exports as read_exports, read_server as read_server
from .kit.assembling import Kit as Kit, make_kit as make_kit
from .kit.rule_files import RuleFile as RuleFile
from .kit.verification import verify_kit as verify_kit
from .migration.moving_rules import (
    LeftOut as LeftOut,
    LeftOutReason as LeftOutReason,
    MovingRule as MovingRule,
    Reference as Reference,
)
from .migration.plan import (
    ChangedRule as ChangedRule,
    Contrast as Contrast,
    Edit as Edit,
    Output as Output,
    Plan as Plan,
    PlannedRule as PlannedRule,
    Resolution as Resolution,
    Rung as Rung,
    Step as Step,
    Unchecked as Unchecked,
)
from .migration.planner import plan as plan
from .pages.comparison_page import comparison_html as comparison_html
from .pairing.connector_pairs import Basis as Basis, Pair as Pair
from .pairing.order import RuleInBoth as RuleInBoth
from .pairing.out_of_box_rules import RuleBasis as RuleBasis, RulePair as RulePair
from .rules.comparison import Difference as Difference, differences as differences
from .rules.model import (
    AttributeFlowMapping as AttributeFlowMapping,
    JoinCondition as JoinCondition,
    RuleReference as RuleReference,
    ScopeCondition as ScopeCondition,
    SyncRule as SyncRule,
)
from .script.nodes import Script as Script
from .script.source import Source as Source
from .servers.model import (
    AttributeType as AttributeType,
    Connector as Connector,
    Evidence as Evidence,
    EvidenceKind as EvidenceKind,
    Facet as Facet,
    Fact as Fact,
    PartitionScope as PartitionScope,
    RunProfile as RunProfile,
    RunStep as RunStep,
    Server as Server,
    ServerFact as ServerFact,
    ServerRule as ServerRule,
)

SyntaxRefused = InputRefused

__all__: list[str]
__version__: str
