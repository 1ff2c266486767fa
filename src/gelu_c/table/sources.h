/* The papers and books that functions come from: SOURCE(name) in functions.def is the text
 * SOURCE_name. A name is the first author and the year; the names are in alphabetical order. */
#ifndef GF_SOURCES_H
#define GF_SOURCES_H

#define SOURCE(name) SOURCE_##name

#define SOURCE_clevert_2015                                                                        \
  "Clevert et al., Fast and Accurate Deep Network Learning by ELUs, arXiv:1511.07289"
#define SOURCE_dauphin_2016                                                                        \
  "Dauphin et al., Language Modeling with Gated Convolutional Networks, arXiv:1612.08083"
#define SOURCE_dlmf "NIST Digital Library of Mathematical Functions"
#define SOURCE_dugas_2000 "Dugas et al., Incorporating Second-Order Functional Knowledge, NIPS 2000"
#define SOURCE_elfwing_2017                                                                        \
  "Elfwing, Uchibe and Doya, Sigmoid-Weighted Linear Units, arXiv:1702.03118"
#define SOURCE_hendrycks_2016 "Hendrycks and Gimpel, Gaussian Error Linear Units, arXiv:1606.08415"
#define SOURCE_howard_2019 "Howard et al., Searching for MobileNetV3, arXiv:1905.02244"
#define SOURCE_klambauer_2017 "Klambauer et al., Self-Normalizing Neural Networks, arXiv:1706.02515"
#define SOURCE_maas_2013                                                                           \
  "Maas, Hannun and Ng, Rectifier Nonlinearities Improve Neural Network Acoustic Models, "         \
  "ICML 2013"
#define SOURCE_misra_2019                                                                          \
  "Misra, Mish: A Self Regularized Non-Monotonic Activation Function, arXiv:1908.08681"
#define SOURCE_nair_2010                                                                           \
  "Nair and Hinton, Rectified Linear Units Improve Restricted Boltzmann Machines, ICML 2010"
#define SOURCE_openai_2025 "OpenAI, gpt-oss-120b & gpt-oss-20b Model Card, arXiv:2508.10925"
#define SOURCE_ramachandran_2017                                                                   \
  "Ramachandran, Zoph and Le, Searching for Activation Functions, arXiv:1710.05941"
#define SOURCE_shazeer_2020 "Shazeer, GLU Variants Improve Transformer, arXiv:2002.05202"
#define SOURCE_so_2021                                                                             \
  "So et al., Primer: Searching for Efficient Transformers for Language Modeling, "                \
  "arXiv:2109.08668"

#endif
